// Counts down, and shows the page anew when the invoice has moved elsewhere.
const { status, waiting, paid, secondsLeft } = document.body.dataset;
const clock = document.querySelector(".countdown");
const ends = Date.now() + Number(secondsLeft) * 1000;

function tick() {
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  const minutes = Math.floor(left / 60);
  const parts = minutes < 60 ? [minutes] : [Math.floor(minutes / 60), String(minutes % 60).padStart(2, "0")];
  clock.textContent = [...parts, String(left % 60).padStart(2, "0")].join(":");
}

async function look() {
  try {
    const answer = await fetch(`${location.pathname}/state`);
    const now = await answer.json();
    if (now.status !== status || String(now.waiting) !== waiting || now.paid !== paid) location.reload();
  } catch {
    // The sandbox is being restarted; the next look will tell.
  }
}

if (clock) {
  tick();
  setInterval(tick, 1000);
}
setInterval(look, 1000);
