"""What every API view shares. Modules are imported by name; this file stays empty."""
