/* The sandbox page's three files, inside the binary. Paths are relative to the repository root. */
	.section .rodata
	.global page_html, page_html_end, page_css, page_css_end, page_js, page_js_end
page_html:
	.incbin "tests/sandbox/page.html"
page_html_end:
page_css:
	.incbin "tests/sandbox/page.css"
page_css_end:
page_js:
	.incbin "tests/sandbox/page.js"
page_js_end:
	.section .note.GNU-stack,"",%progbits
