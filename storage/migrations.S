/* The files of storage/migrations, embedded in the order of their numbers; struct migration in migrate.h is one row.
 * A new file gets a line at the end. Paths are relative to the repository's root, where make runs. */
.macro migration file
	.section .rodata
name_\@:
	.asciz "\file"
text_\@:
	.incbin "storage/migrations/\file"
end_\@:
	.byte 0
	.section .data.rel.ro, "aw"
	.quad name_\@
	.quad text_\@
	.quad end_\@
.endm

	.section .data.rel.ro, "aw"
	.balign 8
	.globl storage_migrations
storage_migrations:

	migration 0001_house.sql
	migration 0002_conversation.sql
	migration 0003_money.sql
	migration 0004_identity.sql
	migration 0005_batch.sql
	migration 0006_sms.sql
	migration 0007_statement.sql
	migration 0008_secret.sql
	migration 0009_statement_reference.sql
	migration 0010_work_origin.sql

	.section .data.rel.ro, "aw"
	.globl storage_migrations_end
storage_migrations_end:
	.quad 0

	.section .note.GNU-stack, "", %progbits
