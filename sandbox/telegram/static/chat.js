/** The desk: which customers are open, and one long poll that brings news for all of them. */

import { element } from "./entities.js";
import { Pane } from "./pane.js";

const KEY = "sandbox-customers";
const FIRST_ID = 1001;
const PEOPLE = [
  ["Maria", "en"], ["John", "en"], ["Elena", "ru"], ["Carlos", "es"],
  ["Sofia", "en"], ["Ahmed", "en"], ["Wei", "en"], ["Nina", "ru"],
];
const WAIT_SECONDS = 20;
const RETRY_MS = 1500;

const desk = document.querySelector(".desk");
const tabs = document.querySelector(".tabs");
const offline = document.querySelector(".offline");
const narrow = window.matchMedia("(max-width: 760px)");
const panes = new Map();
let customers = remembered();
let current = customers[0].id;
let asking = new AbortController();
let seen = { epoch: "", version: 0 };

function customerNumber(id) {
  const [name, language] = PEOPLE[(id - FIRST_ID) % PEOPLE.length];
  return { id, name, language, username: `${name.toLowerCase()}_${id}` };
}

function remembered() {
  let ids = [FIRST_ID, FIRST_ID + 1];
  try {
    const stored = JSON.parse(localStorage.getItem(KEY));
    if (stored?.length) ids = stored.filter(Number.isInteger);
  } catch {
    localStorage.removeItem(KEY);
  }
  return ids.map(customerNumber);
}

function remember() {
  localStorage.setItem(KEY, JSON.stringify(customers.map((customer) => customer.id)));
}

function open(customer) {
  const pane = new Pane(customer, {
    onClose: () => close(customer.id),
    onUnread: (count) => markUnread(customer.id, count),
  });
  const tab = element("button", "tab");
  tab.type = "button";
  tab.append(element("span", "", customer.name), element("b", "unread"));
  tab.addEventListener("click", () => select(customer.id));
  panes.set(customer.id, { pane, tab });
  desk.append(pane.node);
  tabs.append(tab);
}

function select(id) {
  current = id;
  for (const [key, { pane, tab }] of panes) {
    pane.node.classList.toggle("current", key === id);
    tab.setAttribute("aria-pressed", String(key === id));
    if (key === id) {
      tab.querySelector(".unread").textContent = "";
      tab.scrollIntoView({ block: "nearest", inline: "nearest" });
      pane.toEnd("instant");
    }
  }
}

function markUnread(id, count) {
  if (id === current || !narrow.matches) return;
  const badge = panes.get(id).tab.querySelector(".unread");
  badge.textContent = Number(badge.textContent || 0) + count;
}

function add() {
  const id = Math.max(...customers.map((customer) => customer.id)) + 1;
  customers.push(customerNumber(id));
  remember();
  open(customers.at(-1));
  desk.dataset.count = customers.length;
  select(id);
  startOver();
  panes.get(id).pane.node.scrollIntoView({ behavior: "smooth", inline: "end" });
}

function close(id) {
  if (customers.length === 1) return;
  const { pane, tab } = panes.get(id);
  pane.node.remove();
  tab.remove();
  panes.delete(id);
  customers = customers.filter((customer) => customer.id !== id);
  remember();
  desk.dataset.count = customers.length;
  select(customers[0].id);
}

function startOver() {
  seen = { epoch: "", version: 0 };
  asking.abort();
}

async function ask() {
  asking = new AbortController();
  const chats = [...panes.keys()].join(",");
  const query = new URLSearchParams({
    chats, epoch: seen.epoch, since: seen.version, wait: WAIT_SECONDS,
  });
  const response = await fetch(`/chats/changes?${query}`, { signal: asking.signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const news = await response.json();
  if (asking.signal.aborted) return;
  for (const [id, { pane }] of panes) {
    if (news.chats[id]) pane.take(news.chats[id], news.bot, news.reset);
  }
  seen = { epoch: news.epoch, version: news.version };
}

async function follow() {
  for (;;) {
    try {
      await ask();
      offline.hidden = true;
    } catch (error) {
      if (error.name === "AbortError") continue;
      offline.hidden = false;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

customers.forEach(open);
desk.dataset.count = customers.length;
select(current);
document.querySelector(".add").addEventListener("click", add);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
follow();
