# QEMU's virtual RISC-V machine, started by OpenSBI in supervisor mode.
# (0x80200000, where kernels usually go, holds the device tree if RAM is 4 MiB.)
ARCH      = riscv64
DEVICES   = plic uart16550_mmio no_screen
LOAD_ADDR = 0x80080000
BOOT      = direct
FEATURES  = pci smap uart16550 uart device_tree virtio_blk rtc
UART      = io_mem: 0x10000000 | irq: 10 | clock: 3686400
UART_DRIVER = uart_16550
VIRTIO_BLK      = mmio: 0x10001000 | irq: 1
VIRTIO_BLK_QEMU = -global virtio-mmio.force-legacy=false -device virtio-blk-device,bus=virtio-mmio-bus.0,drive=disk
QEMU      = qemu-system-riscv64 -machine virt
QEMU_MEM  = 64
