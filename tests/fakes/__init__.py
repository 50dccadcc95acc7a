"""Small stand-ins for what lies outside: real protocols, with faults to inject."""
