// Leaves the page at once: on the exit links, and on Shift pressed three times
// within five seconds. Without this module the links still work.

const PRESSES = 3;
const WITHIN = 5000;

const button = document.querySelector("[data-exit]");
let presses = 0;
let timer = 0;
let spoken;

// say announces progress to a screen reader, in words from the page.
function say(text) {
  if (!text) return;
  if (!spoken) {
    spoken = document.createElement("p");
    spoken.className = "hidden-text";
    spoken.setAttribute("role", "status");
    document.body.append(spoken);
  }
  spoken.textContent = text;
}

// leave covers the page first: the next page may take a while to come.
function leave(href) {
  const cover = document.createElement("div");
  cover.className = "left";
  document.documentElement.dataset.leaving = "";
  document.body.replaceChildren(cover);
  document.title = "";
  spoken = undefined;
  say(button?.dataset.leaving);
  location.replace(href);
}

function forget() {
  presses = 0;
  if (spoken) spoken.textContent = "";
}

function press() {
  presses += 1;
  clearTimeout(timer);
  if (presses === PRESSES) {
    leave(button.href);
    return;
  }
  say(presses === 1 ? button.dataset.once : button.dataset.twice);
  timer = setTimeout(forget, WITHIN);
}

if (button) {
  // Only a Shift let go of by itself counts: capital letters do not.
  let alone = false;
  addEventListener("keydown", (event) => {
    alone = event.key === "Shift";
    if (!alone) forget();
  });
  addEventListener("keyup", (event) => {
    if (event.key === "Shift" && alone) press();
  });
}

addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-exit], [data-exit-too]");
  if (!link) return;
  event.preventDefault();
  leave(link.href);
});

// Coming back must not show the cover, nor what was there before it.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
