/* The sandbox page's files, inside the binary. Paths are relative to the repository root. */
	.section .rodata
	.macro page name, file
	.global \name, \name\()_end
\name:
	.incbin "tests/sandbox/\file"
\name\()_end:
	.endm

	page page_html, page.html
	page page_css, page.css
	page page_chat_css, page_chat.css
	page page_js, page.js
	page page_texts_js, page_texts.js
	page page_tools_js, page_tools.js
	page page_rich_js, page_rich.js
	page page_message_js, page_message.js
	page page_compose_js, page_compose.js
	page page_phone_js, page_phone.js
	page page_panels_js, page_panels.js
	page page_play_js, page_play.js

	.section .note.GNU-stack,"",%progbits
