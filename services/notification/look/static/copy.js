// One tap copies a text that somebody carries by hand. Without it the text can be marked and copied as any other: the button is not there then.
(function () {
  if (!navigator.clipboard) { return; }
  [].forEach.call(document.querySelectorAll('[data-copy]'), function (one) {
    one.hidden = false;
    one.addEventListener('click', function () {
      navigator.clipboard.writeText(document.getElementById(one.dataset.copy).value).then(function () {
        one.textContent = one.dataset.done;
        one.removeAttribute('aria-label');
      });
    });
  });
})();
