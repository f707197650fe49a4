# QEMU's virtual Arm machine with 32-bit cores. The device tree stands in the
# first MiB of RAM.
ARCH      = arm_v7a
DEVICES   = pl011 gicv2 arm_timer
KERNEL_OPTIONS = lpae
LOAD_ADDR = 0x40100000
BOOT      = direct
FEATURES  = pci pl011 device_tree rtc
QEMU      = qemu-system-arm -machine virt -cpu cortex-a15
QEMU_MEM  = 64
