/* The stylesheet of our pages as bytes: web_page.c puts it into each page and its hash into the policy. */
	.section .rodata
	.global web_page_css
web_page_css:
	.incbin "handlers/web_page.css"
	.byte 0
	.section .note.GNU-stack,"",%progbits
