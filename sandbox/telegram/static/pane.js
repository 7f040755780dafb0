/** One customer's chat: log, buttons, composer. */

import { element } from "./entities.js";
import { dayName, messageNode } from "./message.js";

const NEAR_END = 120;
const TOAST_MS = 4000;
const PATIENCE_MS = 20000;
const touch = window.matchMedia("(pointer: coarse)");

async function post(url, body) {
  const json = !(body instanceof FormData);
  const response = await fetch(url, {
    method: "POST",
    headers: json ? { "Content-Type": "application/json" } : {},
    body: json ? JSON.stringify(body) : body,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

export class Pane {
  constructor(customer, { onClose, onUnread }) {
    this.customer = customer;
    this.onUnread = onUnread;
    this.messages = new Map();
    this.waiting = new Map();
    this.heard = new Set();
    this.commandList = [];
    const template = document.getElementById("pane");
    this.node = template.content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.node.querySelector(selector);
    this.node.dataset.chat = customer.id;
    this.node.setAttribute("aria-label", `Chat of ${customer.name}`);
    this.find(".log").setAttribute("aria-label", `Messages of ${customer.name}`);
    this.find(".who").textContent = customer.name;
    this.find(".who").title = `You are ${customer.name}`;
    this.find(".close").addEventListener("click", onClose);
    this.listen();
  }

  /** As their own app introduces them: in the language that it is set to. */
  get sender() {
    const { name, username, language } = this.customer;
    return { first_name: name, username, language_code: language };
  }

  get base() {
    return `/chats/${this.customer.id}`;
  }

  listen() {
    const box = this.find("textarea");
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.sendDraft();
    });
    box.addEventListener("keydown", (event) => this.onKey(event));
    box.addEventListener("input", () => this.onInput());
    this.find(".start").addEventListener("click", () => this.say("/start"));
    this.find(".menu").addEventListener("click", () => this.toggleCommands());
    this.find(".block").addEventListener("click", () => this.toggleBlock());
    this.find(".to-end").addEventListener("click", () => this.toEnd("smooth"));
    this.find(".scroll").addEventListener("scroll", () => this.onScroll());
    const input = this.find("input[type=file]");
    input.addEventListener("change", () => {
      this.upload([...input.files]);
      input.value = "";
    });
    this.node.addEventListener("dragover", (event) => event.preventDefault());
    this.node.addEventListener("drop", (event) => {
      event.preventDefault();
      this.upload([...event.dataTransfer.files]);
    });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.showCommands(null);
    });
  }

  onKey(event) {
    const open = !this.find(".commands").hidden;
    if (event.key === "ArrowUp" && open) {
      event.preventDefault();
      this.find(".commands button:last-child").focus();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch.matches) return;
    event.preventDefault();
    this.sendDraft();
  }

  onInput() {
    const box = this.find("textarea");
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    const typed = /^\/\w*$/.test(box.value) ? box.value.slice(1) : null;
    this.showCommands(typed);
  }

  async sendDraft() {
    const box = this.find("textarea");
    const text = box.value;
    if (!text.trim()) return;
    box.value = "";
    this.onInput();
    if (!(await this.say(text))) {
      box.value = text;
      this.onInput();
    }
  }

  async say(text) {
    this.showCommands(null);
    return this.attempt(async () => {
      this.show(await post(`${this.base}/messages`, { text, from: this.sender }));
      this.toEnd("instant");
    });
  }

  async upload(files) {
    for (const file of files) {
      const form = new FormData();
      form.append("document", file);
      form.append("from", JSON.stringify(this.sender));
      await this.attempt(async () => this.show(await post(`${this.base}/messages`, form)));
    }
    this.toEnd("instant");
  }

  async press(message, button, node) {
    if (node.ariaBusy === "true") return;
    node.ariaBusy = "true";
    const done = () => (node.ariaBusy = null);
    const sent = await this.attempt(async () => {
      const body = { message_id: message.message_id, data: button.callback_data };
      const query = await post(`${this.base}/press`, body);
      this.waiting.set(query.id, done);
      setTimeout(done, this.heard.has(query.id) ? 0 : PATIENCE_MS);
    });
    if (!sent) done();
  }

  async toggleBlock() {
    const blocked = this.node.classList.contains("blocked");
    this.find(".more").open = false;
    await this.attempt(() => post(`${this.base}/${blocked ? "unblock" : "block"}`, {}));
  }

  async attempt(action) {
    try {
      await action();
      return true;
    } catch (error) {
      this.toast(error.message);
      return false;
    }
  }

  /** News of this chat, as /chats/changes tells them. */
  take(news, bot, fresh) {
    if (fresh) this.clear();
    const atEnd = this.atEnd();
    for (const message of news.messages) this.show(message, true);
    for (const id of news.deleted) this.remove(id);
    for (const answer of news.answers) this.answered(answer);
    this.find(".titles strong").textContent = bot.name;
    for (const avatar of this.node.querySelectorAll(".avatar")) avatar.textContent = bot.name[0];
    this.find(".status").textContent = news.typing ? "typing…" : "bot";
    this.find(".dots").hidden = !news.typing;
    this.find(".welcome h2").textContent = bot.name;
    this.find(".about").textContent = news.description || "Press Start to begin.";
    this.find(".welcome").hidden = this.messages.size > 0;
    this.find(".block").textContent = news.blocked ? "Unblock the bot" : "Block the bot";
    this.node.classList.toggle("blocked", news.blocked);
    this.commandList = news.commands;
    this.find(".menu").hidden = news.commands.length === 0;
    if (atEnd || fresh) this.toEnd("instant");
    else this.onScroll();
    const told = news.messages.filter((message) => message.from.is_bot && !message.edit_date);
    if (told.length && !fresh) this.onUnread(told.length);
  }

  clear() {
    this.messages.clear();
    this.find(".log").replaceChildren();
  }

  /** The log keeps the order of message ids; an edit takes its old node's place. */
  show(message, newer = false) {
    const id = message.message_id;
    if (this.messages.has(id) && !newer) return;
    const node = messageNode(message, {
      fileUrl: (fileId) => `${this.base}/files/${fileId}`,
      say: (text) => this.say(text),
      press: (button, key) => this.press(message, button, key),
    });
    const old = this.messages.get(id);
    this.messages.set(id, node);
    node.day = dayName(message.date);
    this.find(".welcome").hidden = true;
    if (old) {
      const hadFocus = old.contains(document.activeElement);
      old.replaceWith(node);
      if (hadFocus) (node.querySelector("button") ?? this.find(".log")).focus();
      return;
    }
    node.classList.add("new");
    const later = [...this.messages.keys()].filter((key) => key > id).sort((a, b) => a - b)[0];
    this.find(".log").insertBefore(node, this.messages.get(later) ?? null);
    this.markDays();
  }

  markDays() {
    for (const mark of this.node.querySelectorAll(".day")) mark.remove();
    let last = "";
    for (const node of this.node.querySelectorAll(".message")) {
      if (node.day !== last) node.before(element("p", "day", node.day));
      last = node.day;
    }
  }

  remove(id) {
    this.messages.get(id)?.remove();
    this.messages.delete(id);
    this.markDays();
  }

  answered(answer) {
    this.heard.add(answer.callback_query_id);
    this.waiting.get(answer.callback_query_id)?.();
    this.waiting.delete(answer.callback_query_id);
    if (answer.url) window.open(answer.url, "_blank", "noopener");
    if (!answer.text) return;
    if (!answer.show_alert) {
      this.toast(answer.text);
      return;
    }
    const dialog = document.querySelector("dialog.alert");
    dialog.querySelector("p").textContent = answer.text;
    if (!dialog.open) dialog.showModal();
  }

  toast(text) {
    const node = this.find(".toast");
    node.textContent = text;
    node.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (node.hidden = true), TOAST_MS);
  }

  toggleCommands() {
    this.showCommands(this.find(".commands").hidden ? "" : null);
    this.find(".commands button")?.focus();
  }

  /** Lists the commands that begin with `typed`; null closes the list. */
  showCommands(typed) {
    const list = this.find(".commands");
    const fitting = (typed === null ? [] : this.commandList).filter((one) =>
      one.command.startsWith(typed));
    list.replaceChildren(...fitting.map((one) => this.commandNode(one)));
    list.hidden = fitting.length === 0;
    this.find(".menu").setAttribute("aria-expanded", String(!list.hidden));
  }

  commandNode({ command, description }) {
    const node = element("button");
    node.type = "button";
    node.append(element("b", "", `/${command}`), element("span", "", description));
    node.addEventListener("click", () => {
      this.find("textarea").value = "";
      this.onInput();
      this.say(`/${command}`);
      this.find("textarea").focus();
    });
    node.addEventListener("keydown", (event) => {
      const next = { ArrowDown: node.nextSibling, ArrowUp: node.previousSibling }[event.key];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    return node;
  }

  atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.find(".scroll");
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  onScroll() {
    this.find(".to-end").hidden = this.atEnd();
  }

  toEnd(behavior) {
    const scroll = this.find(".scroll");
    scroll.scrollTo({ top: scroll.scrollHeight, behavior });
  }
}
