"use strict";
// Without this the pages work with buttons and "refresh". With it they follow the folder, and files can be dropped.
(function () {
  var mark = document.body.dataset.mark, wanted = mark, isRenewing = false;

  function isTouched() {
    return Array.from(document.querySelectorAll("main input, main select")).some(isChanged);
  }

  function isChanged(field) {
    return field.type === "select-one" ? !field.options[field.selectedIndex].defaultSelected && field.selectedIndex > 0
      : field.value !== field.defaultValue;
  }

  // The page anew, where something changed; what has the keyboard's focus keeps it, and what is typed or chosen stays.
  function renew() {
    if (isTouched()) { return Promise.resolve(); }
    return fetch(location.href).then(function (answer) { return answer.ok ? answer.text() : ""; }).then(function (text) {
      // What a form was answered with has no page of its own to be made anew from; and somebody may have typed meanwhile.
      if (!text || isTouched()) { return; }
      var fresh = new DOMParser().parseFromString(text, "text/html");
      var own = document.querySelector("main");
      var at = Array.from(own.querySelectorAll("a, button, input, select, summary")).indexOf(document.activeElement);
      var open = Array.from(own.querySelectorAll("details[open] > summary")).map(function (it) { return it.textContent; });
      own.innerHTML = "";
      Array.from(fresh.querySelector("main").childNodes).forEach(function (node) { own.appendChild(document.adoptNode(node)); });
      own.querySelectorAll("details > summary").forEach(function (it) { it.parentNode.open = open.indexOf(it.textContent) >= 0; });
      mark = fresh.body.dataset.mark;
      var again = own.querySelectorAll("a, button, input, select, summary")[at];
      if (again) { again.focus({ preventScroll: true }); }
      accept();
    });
  }

  function accept() {
    document.querySelectorAll("[data-drop]").forEach(function (form) {
      var input = form.querySelector("input[type=file]");
      form.addEventListener("dragover", function (event) { event.preventDefault(); form.classList.add("over"); });
      form.addEventListener("dragleave", function () { form.classList.remove("over"); });
      form.addEventListener("drop", function (event) {
        event.preventDefault();
        form.classList.remove("over");
        if (event.dataTransfer.files.length) {
          input.files = event.dataTransfer.files;
          form.requestSubmit();
        }
      });
    });
  }

  // A file that misses the field must not replace the page.
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (event) { event.preventDefault(); });
  });
  accept();

  function follow() {
    if (isRenewing || wanted === mark) { return; }
    var tried = wanted;
    isRenewing = true;
    renew().catch(function () {}).then(function () {
      isRenewing = false;
      if (wanted !== tried) { follow(); }
    });
  }

  function listen() {
    var source = new EventSource("/olay");
    source.onmessage = function (event) { wanted = event.data; follow(); };
    source.onerror = function () {
      // Many pages are open already and this one was sent away; it asks again.
      if (source.readyState === EventSource.CLOSED) { setTimeout(listen, 10000); return; }
      document.getElementById("surer").textContent = "Panel kapanmış. Yeniden açmak için kars-xl'i bir daha başlatın.";
      mark = "";
    };
  }
  listen();
}());
