"""Questions of workers: asked, answered, reported, due; and the FAQ they make."""
