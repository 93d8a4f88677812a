// Progressive enhancement only: every page works without this file.
(function () {
  "use strict";

  function closest(event, selector) {
    return event.target.closest ? event.target.closest(selector) : null;
  }

  function say(text) {
    var live = document.getElementById("live");
    if (!live) return;
    live.textContent = text;
    live.hidden = !text;
  }

  // Menus close when something else is touched, or with Escape.
  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(closest(event, "details[data-menu]"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") closeMenus(null);
  });

  // The key / leads to the field [data-slash].
  document.addEventListener("keydown", function (event) {
    var field = document.querySelector("[data-slash]");
    var isTyping = event.target.isContentEditable || closest(event, "input, select, textarea");
    if (event.key !== "/" || !field || isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // data-print prints; data-copy="#id" copies the text of an element.
  document.addEventListener("click", function (event) {
    if (closest(event, "[data-print]")) window.print();
    var copier = closest(event, "[data-copy]");
    if (copier) copy(copier);
  });

  // [data-script] is hidden where this file does not run.
  document.querySelectorAll("[data-script]").forEach(function (part) { part.hidden = false; });

  // data-tick-all="name" ticks every box of that name, or none when all are.
  document.addEventListener("click", function (event) {
    var button = closest(event, "[data-tick-all]");
    if (!button) return;
    var boxes = Array.from(document.getElementsByName(button.getAttribute("data-tick-all")));
    var all = boxes.every(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.checked = !all; });
  });

  // data-insert="#id" adds the button's own words to a field, data-focus="#id" goes there.
  document.addEventListener("click", function (event) {
    var inserter = closest(event, "[data-insert]");
    var field = inserter && document.querySelector(inserter.getAttribute("data-insert"));
    if (field) {
      field.value = (field.value ? field.value.replace(/\s*$/, "\n") : "") + inserter.textContent.trim();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
    var pointer = closest(event, "[data-focus]");
    if (pointer) {
      event.preventDefault();
      document.querySelector(pointer.getAttribute("data-focus")).focus();
    }
  });

  function copy(button) {
    var source = document.querySelector(button.getAttribute("data-copy"));
    if (!source) return;
    var helper = document.createElement("textarea");
    helper.value = source.value || source.textContent.trim();
    document.body.appendChild(helper);
    helper.select();
    var done = document.execCommand("copy");
    helper.remove();
    button.focus();
    button.textContent = done ? "已复制" : "请手工选择复制";
  }

  // data-confirm asks before a form is sent; a second click within four seconds is not sent.
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    var question = (button && button.getAttribute("data-confirm")) || event.target.getAttribute("data-confirm");
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    event.target.removeAttribute("data-dirty");
    event.target.querySelectorAll("[data-dirty]").forEach(function (row) { row.removeAttribute("data-dirty"); });
    if (event.target.method === "post" && !event.target.hasAttribute("hx-post")) {
      if (event.target.hasAttribute("data-sent")) event.preventDefault();
      event.target.setAttribute("data-sent", "");
      window.setTimeout(function () { event.target.removeAttribute("data-sent"); }, 4000);
      if (button && button.hasAttribute("data-busy")) busy(button);
    }
  }, true);

  // data-busy says what is going on while a long answer is awaited.
  function busy(button) {
    var label = button.textContent;
    button.textContent = button.getAttribute("data-busy");
    window.setTimeout(function () { button.disabled = true; }, 0);
    window.addEventListener("pageshow", function () {
      button.textContent = label;
      button.disabled = false;
    }, { once: true });
  }

  // form[data-guard] warns before typed text is left behind; [data-autosave] in it is kept by itself.
  document.addEventListener("input", function (event) {
    var form = closest(event, "form[data-guard]");
    var typed = form && (closest(event, "[data-autosave]") || form);
    if (typed) typed.setAttribute("data-dirty", "");
  });
  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("[data-dirty]")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.hasAttribute("data-autosave")) event.target.removeAttribute("data-dirty");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var row = closest(event, "[data-autosave]");
    if (row && !event.detail.successful) row.setAttribute("data-dirty", "");
  });

  // form[data-autosubmit]: a changed choice filters at once.
  document.addEventListener("change", function (event) {
    var form = closest(event, "form[data-autosubmit]");
    if (form && event.target.tagName === "SELECT") form.submit();
  });

  // [data-autosave] in a form: what was just kept needs no warning; chosen files are kept by the button only.
  function autosaved(event) {
    if (!event.detail.elt.hasAttribute("data-autosave")) return;
    var form = event.detail.elt.closest("form");
    var kept = event.detail.successful && /^\s*已自动保存/.test(event.detail.xhr.responseText);
    var holdsFile = Array.prototype.some.call(form.querySelectorAll("input[type=file]"), function (input) {
      return input.value;
    });
    if (kept && !holdsFile) form.removeAttribute("data-dirty");
  }
  document.addEventListener("htmx:afterRequest", autosaved);

  document.addEventListener("htmx:beforeRequest", function () { say(""); });
  document.addEventListener("htmx:sendError", function () { say("网络不通，没有提交成功，请稍后再试。"); });
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status === 401) return say("登录已过期，您填写的内容还在本页。请按“保存草稿”，重新登录后会带回来。");
    say(status === 403 ? "没有权限，或登录已过期，请刷新页面。" : "没有办成（" + status + "），请刷新页面后再试。");
  });
})();
