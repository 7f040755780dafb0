/** Text with Telegram's entities as DOM nodes. Offsets count UTF-16 units, as strings here do. */

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s",
  code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote",
};

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function link(url) {
  const node = element("a");
  node.href = url;
  node.target = "_blank";
  node.rel = "noopener";
  return node;
}

function wrapper(entity, covered, onCommand) {
  if (entity.type === "text_link") return link(entity.url);
  if (entity.type === "url") return link(covered);
  if (entity.type === "bot_command") {
    const node = element("button", "command");
    node.type = "button";
    node.addEventListener("click", () => onCommand(covered));
    return node;
  }
  if (entity.type === "spoiler") {
    const node = element("button", "spoiler");
    node.type = "button";
    node.setAttribute("aria-label", "Hidden text");
    node.addEventListener("click", () => {
      node.classList.add("shown");
      node.removeAttribute("aria-label");
    });
    return node;
  }
  return element(TAGS[entity.type] ?? "span");
}

function fill(parent, text, from, to, entities, onCommand) {
  let place = from;
  let rest = entities;
  while (rest.length) {
    const [entity] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    const inside = rest.filter((one) => one !== entity && one.offset < end);
    parent.append(text.slice(place, entity.offset));
    const node = wrapper(entity, text.slice(entity.offset, end), onCommand);
    fill(node, text, entity.offset, end, inside, onCommand);
    parent.append(node);
    place = end;
    rest = rest.filter((one) => one.offset >= end);
  }
  parent.append(text.slice(place, to));
}

export function richText(text, entities = [], onCommand = () => {}) {
  const node = element("div", "text");
  node.dir = "auto";
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(node, text, 0, text.length, ordered, onCommand);
  return node;
}

export { element };
