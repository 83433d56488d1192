// Saves what is being written as a draft, by sending the form as it stands to
// the address in its data-draft. Nothing is kept on the device.

const PAUSE = 2000;
const RETRY = 15000;

function keep(form) {
  const line = form.querySelector(".drafting");
  let saved = snapshot(form);
  let timer = 0;
  let sending = false;
  let submitted = false;

  const show = (text) => {
    if (line) line.textContent = text ?? "";
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function save(last = false) {
    const words = snapshot(form);
    if (submitted || sending || words === saved || "leaving" in document.documentElement.dataset) return;
    sending = true;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: words,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        redirect: "manual",
        keepalive: last,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      saved = words;
      show(line?.dataset.saved);
    } catch {
      show(line?.dataset.unsaved);
      later(RETRY);
    } finally {
      sending = false;
    }
    if (snapshot(form) !== words) later(PAUSE);
  }

  form.addEventListener("input", () => later(PAUSE));
  form.addEventListener("submit", () => {
    submitted = true;
    clearTimeout(timer);
  });
  addEventListener("pageshow", () => {
    submitted = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
}

// snapshot is the form's words as they would be sent; files are not drafts.
function snapshot(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(fields).toString();
}

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
