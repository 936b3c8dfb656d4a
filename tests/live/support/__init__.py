"""What the live tests share: processes, a scripted SMTP peer, and real servers with configurations of their own."""
