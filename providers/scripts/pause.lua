-- Telegram asked for a pause of ARGV[1] seconds: 1 when all rest for it, 0 when one chat does.
-- KEYS are the bucket of all and, if a chat was named, the chat's. A bucket that rests owes what
-- would flow in meanwhile.
local seconds, flow_of_all = tonumber(ARGV[1]), tonumber(ARGV[2])
local flow, size = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local all, chat = KEYS[1], KEYS[2]

local function level_of(key, flow, unknown)
  local kept = redis.call('HMGET', key, 'level', 'at')
  local level = tonumber(kept[1])
  return level and level + math.max(0, now - kept[2]) * flow or unknown
end

local function rest(key, flow)
  local level = math.min(level_of(key, flow, 0), -seconds * flow)
  redis.call('HSET', key, 'level', tostring(level), 'at', string.format('%.6f', now))
  return level
end

if chat then
  local resting = redis.call('HMGET', all, 'chat', 'until')
  local another = resting[1] and resting[1] ~= chat and tonumber(resting[2]) > now
  -- This message and one before it at most, of the many that a chat may have at once.
  local quiet = level_of(chat, flow, size) >= size - 2
  redis.call('HSET', all, 'chat', chat, 'until', string.format('%.6f', now + seconds))
  if not another and not quiet then
    local level = rest(chat, flow)
    redis.call('EXPIRE', chat, math.ceil((size - level) / flow) + 1)
    return 0
  end
end
rest(all, flow_of_all)
return 1
