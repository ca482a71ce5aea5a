"use strict";
// Without this everything is simply shown. With it the reader chooses a group (a unit, a table) and severities.
(function () {
  var form = document.getElementById("suz");
  if (!form) {
    return;
  }
  var group = form.querySelector("select");
  var boxes = Array.from(form.querySelectorAll("input[type=checkbox]"));
  var kinds = Array.from(document.querySelectorAll(".kind"));
  var sections = Array.from(document.querySelectorAll("section.group"));
  var shown = document.getElementById("gosterilen");
  var total = number(Array.from(document.querySelectorAll(".kind tbody tr")));

  // A row may stand for several findings that say the same.
  function number(rows) {
    return rows.reduce(function (sum, row) { return sum + Number(row.dataset.count); }, 0);
  }

  function apply() {
    var wanted = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var count = 0;
    kinds.forEach(function (kind) {
      var rows = Array.from(kind.querySelectorAll("tbody tr"));
      var chosen = number(rows.filter(function (row) {
        row.hidden = wanted.indexOf(kind.dataset.severity) < 0 ||
          (group.value !== "" && group.value !== row.closest("[data-group]").dataset.group);
        return !row.hidden;
      })), all = number(rows);
      var places = kind.querySelector(".what");
      if (places) {
        places.textContent = "(" + (chosen < all ? all + " yerden " + chosen : chosen + " yerde") + ")";
      }
      kind.hidden = chosen === 0;
      count += chosen;
    });
    sections.forEach(function (section) { section.hidden = !section.querySelector(".kind:not([hidden])"); });
    shown.textContent = count === total ? total + " bulgunun tümü gösteriliyor." :
      count === 0 ? "Bu seçime uyan bulgu yok." : total + " bulgudan " + count + " tanesi gösteriliyor.";
  }

  // A link leads to its unit or finding even where the choice hides it: shown before the browser goes there.
  function reveal(event) {
    var link = event.target.closest("a[href^='#']");
    var target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (target && target.closest("[hidden]")) {
      form.reset();
      apply();
    }
  }

  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.addEventListener("click", reveal);
  apply();
}());
