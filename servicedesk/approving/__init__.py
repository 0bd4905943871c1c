"""Where approvers answer: the pages, the link in a mail, and what stands on them."""
