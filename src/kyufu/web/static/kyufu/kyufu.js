/* What the pages do better with a script; without it every form posts and every link leads on. No page depends on it. */
"use strict";
(() => {
  const own = document.currentScript.src;
  const UNSENT = "送信できませんでした。入力はこの画面に残っています。通信を確かめて、もう一度押してください。";
  const PATIENCE = 10000;

  /* The first error is read out and seen at once. */
  const showErrors = (part) => {
    const summary = part.querySelector(".error-summary");
    if (!summary) return;
    summary.setAttribute("tabindex", "-1");
    summary.focus();
  };

  /* A table wider than its place can be moved by the arrow keys, and says its name when it is reached. */
  const reachScrollers = (part) => {
    for (const box of part.querySelectorAll(".table-scroll")) {
      if (box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight) continue;
      box.setAttribute("tabindex", "0");
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", box.querySelector("caption")?.textContent.trim() || "表");
    }
  };

  const clearNotice = () => document.getElementById("sending-notice")?.remove();

  const notice = (near, text, link) => {
    clearNotice();
    const box = document.createElement("p");
    box.id = "sending-notice";
    box.className = "notice notice-error";
    box.setAttribute("role", "alert");
    box.setAttribute("tabindex", "-1");
    box.textContent = text;
    if (link) {
      const way = document.createElement("a");
      way.href = link.href;
      way.textContent = link.text;
      box.append(" ", way);
    }
    (near?.closest("form, section, main") || document.getElementById("content")).prepend(box);
    box.focus();
    box.scrollIntoView({ block: "nearest" });
  };

  const release = (form) => {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  };

  const hold = (form) => {
    form.dataset.sending = "asked";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  };

  const reachServer = () =>
    fetch(own, { method: "HEAD", cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });

  /* A form is sent once. Before it leaves the page the server must answer: a page that failed to load has lost its input. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (event.defaultPrevented || (button?.getAttribute("formmethod") || form.method) !== "post" || form.target) return;
    if (form.hasAttribute("hx-post") || button?.hasAttribute("hx-post")) return;
    if (form.dataset.sending === "reached") {
      form.dataset.sending = "sent";
      /* A file to be saved leaves the page as it is, and the form must work again. */
      setTimeout(() => release(form), PATIENCE);
      return;
    }
    event.preventDefault();
    if (form.dataset.sending) return;
    hold(form);
    reachServer().then(
      () => {
        clearNotice();
        form.dataset.sending = "reached";
        form.requestSubmit(button?.form === form ? button : undefined);
        if (form.dataset.sending === "reached") release(form);
      },
      () => {
        release(form);
        notice(form, UNSENT);
      },
    );
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

  /* htmx: the same words where nothing came back, and the words of the page of an error where one did. */
  const unsent = (event) => notice(event.detail.elt, UNSENT);
  document.addEventListener("htmx:sendError", unsent);
  document.addEventListener("htmx:timeout", unsent);
  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const words = [...page.querySelectorAll("main h1, main .lead, main .next-step")].map((one) => one.textContent.trim());
    const way = page.querySelector("main a.button");
    const link = way ? { href: way.getAttribute("href"), text: way.textContent.trim() } : null;
    notice(event.detail.elt, words.join("　") || UNSENT, link);
  });
  document.addEventListener("htmx:beforeRequest", clearNotice);
  document.addEventListener("htmx:afterSwap", (event) => {
    showErrors(event.detail.target);
    reachScrollers(document);
  });

  showErrors(document);
  reachScrollers(document);
})();
