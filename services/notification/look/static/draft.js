// What was typed into a form stays on this device until it is sent: a lost connection costs nobody their words.
// Nothing here is needed to answer; without it the form works as it is. Kept for a week, dropped when the answer is in.
(function () {
  var form = document.querySelector('form[data-draft]');
  var key = 'draft:' + location.pathname;
  var week = 6048e5;
  try {
    if (!form || !form.querySelector('textarea,input:not([type=hidden])')) { localStorage.removeItem(key); return; }
    var name = function (one) { return one.name && /^(INPUT|TEXTAREA|SELECT)$/.test(one.tagName) && one.type !== 'hidden'; };
    var fields = [].filter.call(form.elements, name);
    var kept = JSON.parse(localStorage.getItem(key) || 'null');
    var blank = fields.every(function (one) { return one.type === 'radio' || one.type === 'checkbox' ? !one.checked : one.value === one.defaultValue; });
    if (kept && kept.kind === form.dataset.kind && Date.now() - kept.at < week && blank && !document.querySelector('[role=alert]')) {
      var found = false;
      fields.forEach(function (one) {
        var value = kept.values[one.name];
        if (value === undefined) { return; }
        found = true;
        if (one.type === 'radio' || one.type === 'checkbox') { one.checked = one.value === value; } else { one.value = value; }
        var fold = one.closest('details');
        if (fold) { fold.open = true; }
      });
      if (found) { form.querySelector('[data-kept]').hidden = false; } else { localStorage.removeItem(key); }
    }
    form.addEventListener('input', function () {
      var values = {};
      fields.forEach(function (one) {
        if (one.type === 'radio' || one.type === 'checkbox') { if (one.checked) { values[one.name] = one.value; } } else if (one.value) { values[one.name] = one.value; }
      });
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), kind: form.dataset.kind, values: values }));
    });
  } catch (refused) { /* a browser that keeps nothing */ }
})();
