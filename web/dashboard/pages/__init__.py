"""The dashboard's pages: each module declares the endpoints of one in `ENDPOINTS`."""
