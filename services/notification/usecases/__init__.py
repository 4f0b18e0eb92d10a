"""One async function per command and per page act: load, judge, save, emit."""
