# QEMU's virtual Arm machine with 32-bit cores. The device tree stands in the
# first MiB of RAM.
ARCH      = arm_v7a
DEVICES   = pl011 no_screen gicv2 arm_timer
KERNEL_OPTIONS = lpae
LOAD_ADDR = 0x40100000
BOOT      = direct
FEATURES  = pci pl011 uart device_tree virtio_blk rtc
UART      = io_mem: 0x09000000 | irq: 33 | clock: 24000000
UART_DRIVER = uart_pl011
VIRTIO_BLK      = mmio: 0x0a000000 | irq: 48
VIRTIO_BLK_QEMU = -global virtio-mmio.force-legacy=false -device virtio-blk-device,bus=virtio-mmio-bus.0,drive=disk
QEMU      = qemu-system-arm -machine virt -cpu cortex-a15
QEMU_MEM  = 64
