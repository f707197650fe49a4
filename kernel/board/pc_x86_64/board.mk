# PC with a 64-bit CPU, as QEMU's q35 is one.
ARCH      = x86_64
DEVICES   = uart16550 screen lapic ioapic pic pit
LOAD_ADDR = 0x100000
BOOT      = direct grub_bios grub_bios_mb1 grub_bios_usb grub_uefi grub_uefi_usb
MEDIUM    = grub_bios_usb
FEATURES  = ioport pci acpi uefi screen smap uart16550 uart virtio_blk rtc
UART      = io_port: 0x3f8 | irq: 4 | clock: 1843200
UART_DRIVER = uart_16550
VIRTIO_BLK      = pci: 0xb0020000 | irq: 20
VIRTIO_BLK_QEMU = -device virtio-blk-pci,addr=4,disable-legacy=on,drive=disk
QEMU      = qemu-system-x86_64 -machine q35 -cpu max
QEMU_MEM  = 64
