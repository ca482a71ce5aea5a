"use strict";
// Without this everything is simply shown. With it the reader chooses a unit and severities.
(function () {
  var form = document.getElementById("suz");
  if (!form) {
    return;
  }
  var unit = form.elements.birim;
  var boxes = Array.from(form.querySelectorAll("input[type=checkbox]"));
  var sections = Array.from(document.querySelectorAll("section.unit"));
  var shown = document.getElementById("gosterilen");
  var total = document.querySelectorAll(".kind tbody tr").length;

  function apply() {
    var wanted = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var count = 0;
    sections.forEach(function (section) {
      var any = false;
      section.querySelectorAll(".kind").forEach(function (kind) {
        kind.hidden = (unit.value !== "" && unit.value !== section.id) || wanted.indexOf(kind.dataset.severity) < 0;
        if (!kind.hidden) {
          any = true;
          count += kind.querySelectorAll("tbody tr").length;
        }
      });
      section.hidden = !any;
    });
    shown.textContent = count === total ? total + " bulgunun tümü gösteriliyor." :
      count === 0 ? "Bu seçime uyan bulgu yok." : total + " bulgudan " + count + " tanesi gösteriliyor.";
  }

  // A link of the overview leads to its unit even where the choice hides it: shown before the browser goes there.
  function reveal(event) {
    var link = event.target.closest("a[href^='#']");
    var target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (target && target.hidden) {
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
