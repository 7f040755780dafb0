/** One message as a bubble: words, picture or file, time, and its rows of buttons. */

import { element, richText } from "./entities.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

export function dayName(seconds) {
  const date = new Date(seconds * 1000);
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  if (date.toDateString() === new Date().toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return day.format(date);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

function opening(url, className) {
  const node = element("a", className);
  node.href = url;
  node.target = "_blank";
  node.rel = "noopener";
  return node;
}

function documentCard(file, fileUrl) {
  const card = opening(fileUrl(file.file_id), "document");
  const ending = file.file_name.includes(".") ? file.file_name.split(".").pop() : "file";
  const badge = element("span", "badge");
  badge.append(icon("file"), element("b", "", ending.slice(0, 4)));
  const words = element("span", "words");
  words.append(element("span", "name", file.file_name));
  words.append(element("span", "size", `${sizeText(file.file_size)} · ${ending.toUpperCase()}`));
  card.append(badge, words);
  return card;
}

function picture(sizes, fileUrl) {
  const largest = sizes[sizes.length - 1];
  const frame = opening(fileUrl(largest.file_id), "picture");
  const image = element("img");
  image.src = fileUrl(largest.file_id);
  image.alt = "Picture";
  image.width = largest.width;
  image.height = largest.height;
  frame.append(image);
  return frame;
}

function quote(message) {
  const node = element("div", "quote");
  node.append(element("b", "", message.from.first_name));
  node.append(element("span", "", message.text ?? message.caption ?? "File"));
  return node;
}

function stamp(message) {
  const node = element("time", "stamp");
  const date = new Date(message.date * 1000);
  node.dateTime = date.toISOString();
  node.title = full.format(date);
  node.textContent = `${message.edit_date ? "edited " : ""}${clock.format(date)}`;
  return node;
}

function buttonNode(button, press) {
  const node = element("button", "key");
  node.type = "button";
  node.append(element("span", "", button.text));
  if (button.style) node.dataset.style = button.style;
  if (button.url) {
    node.append(icon("out"));
    node.title = button.url;
    node.addEventListener("click", () => window.open(button.url, "_blank", "noopener"));
  } else {
    node.addEventListener("click", () => press(button, node));
  }
  return node;
}

function keyboard(markup, press) {
  const node = element("div", "keyboard");
  for (const buttons of markup.inline_keyboard) {
    const row = element("div", "row");
    row.append(...buttons.map((button) => buttonNode(button, press)));
    node.append(row);
  }
  return node;
}

/** `actions`: fileUrl(file_id), say(text), press(button, node). */
export function messageNode(message, actions) {
  const node = element("article", message.from.is_bot ? "message in" : "message out");
  node.dataset.messageId = message.message_id;
  node.setAttribute("aria-label", message.from.is_bot ? message.from.first_name : "You");
  const bubble = element("div", "bubble");
  if (message.reply_to_message) bubble.append(quote(message.reply_to_message));
  if (message.photo) bubble.append(picture(message.photo, actions.fileUrl));
  if (message.document) bubble.append(documentCard(message.document, actions.fileUrl));
  const words = message.text ?? message.caption ?? message.sticker?.emoji;
  const entities = message.entities ?? message.caption_entities;
  if (words) bubble.append(richText(words, entities, actions.say));
  bubble.classList.toggle("bare", Boolean(message.photo) && !words);
  bubble.append(stamp(message));
  node.append(bubble);
  if (message.reply_markup) node.append(keyboard(message.reply_markup, actions.press));
  return node;
}
