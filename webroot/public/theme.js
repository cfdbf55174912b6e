// Before the first paint: what was chosen last time, else nothing, and the system decides.
try {
  var theme = localStorage.getItem('tallystick.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (e) {
  // Storage may be forbidden; the system's theme is right then.
}
