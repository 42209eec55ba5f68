"""`python -m pouce_client`."""

import sys

from pouce_client.cli import main

sys.exit(main())
