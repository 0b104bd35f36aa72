# From the BIOS to `bare_main` in 64-bit mode with AVX-512 switched on: what a kernel would do, for an
# emulated machine that runs `paths.c` alone from a hard disk.
.equ TOGETHER, 32  # sectors read at a time
.equ READS, 31  # all that fits below the BIOS's own memory: bare.ld

.code16
.section .start, "ax"
.globl start
start:
  cli
  ljmp $0, $1f
1:
  xorw %ax, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss
  movw $0x7c00, %sp
  # The BIOS has read one sector, and says from which drive in dl.
  movw $READS, %cx
2:
  movw $packet, %si
  movb $0x42, %ah
  int $0x13
  addw $TOGETHER * 512 / 16, segment
  addw $TOGETHER, sector
  loop 2b
  # Three tables map the first GiB to itself in pages of 2 MiB.
  movw $0x1000, %di
  xorl %eax, %eax
  movl $0x3000 / 4, %ecx
  cld
  rep stosl
  movw $0x2003, 0x1000
  movw $0x3003, 0x2000
  movl $0x83, %eax
  movw $0x3000, %di
3:
  movl %eax, (%di)
  addl $0x200000, %eax
  addw $8, %di
  cmpw $0x4000, %di
  jne 3b
  # CR4: PAE, OSFXSR, OSXMMEXCPT, OSXSAVE.
  movl $0x40620, %eax
  movl %eax, %cr4
  movl $0x1000, %eax
  movl %eax, %cr3
  # EFER: long mode.
  movl $0xc0000080, %ecx
  rdmsr
  orl $0x100, %eax
  wrmsr
  lgdt descriptors
  # CR0: PE, MP, PG, and no emulated floating point.
  movl $0x80000003, %eax
  movl %eax, %cr0
  ljmp $8, $long_mode

.code64
long_mode:
  movl $16, %eax
  movl %eax, %ds
  movl %eax, %es
  movl %eax, %ss
  # XCR0: x87, SSE, AVX, and the three parts of AVX-512.
  xorl %ecx, %ecx
  movl $0xe7, %eax
  xorl %edx, %edx
  xsetbv
  movl $0x8000000, %esp
  call bare_main
4:
  hlt
  jmp 4b

.balign 4
packet:
  .word 16, TOGETHER, 0
segment:
  .word 0x7e0
sector:
  .quad 1

.balign 8
table:
  .quad 0, 0x00af9a000000ffff, 0x00cf92000000ffff
descriptors:
  .word . - table - 1
  .long table

# What tells the BIOS that the disk has a program.
.org 510
  .word 0xaa55
