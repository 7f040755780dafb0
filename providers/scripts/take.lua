-- One token from every bucket of KEYS, or none from any: the seconds to wait, 0 when taken.
-- ARGV has for each bucket what flows in a second, what it holds, and what must be there.
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local levels, wait = {}, 0

for i, key in ipairs(KEYS) do
  local flow, size = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  local needed = tonumber(ARGV[3 * i])
  local kept = redis.call('HMGET', key, 'level', 'at')
  local level = tonumber(kept[1])
  if level then
    -- A clock that was set back lets nothing flow in, and stops nobody.
    level = math.min(size, level + math.max(0, now - kept[2]) * flow)
  elseif i == 1 then
    -- The bucket of all never expires: Redis has lost it, and with it what was just sent.
    level = math.min(size, needed)
  else
    level = size
  end
  levels[i] = level
  wait = math.max(wait, (needed - level) / flow)
end

if wait > 0 then
  return tostring(wait)
end
for i, key in ipairs(KEYS) do
  local level = levels[i] - 1
  redis.call('HSET', key, 'level', tostring(level), 'at', string.format('%.6f', now))
  if i > 1 then
    local flow, size = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
    redis.call('EXPIRE', key, math.ceil((size - level) / flow) + 1)
  end
end
return '0'
