"""The one renderer: an Ask becomes a page, a mail or a short line (look.md); pure but for reading its own templates."""
