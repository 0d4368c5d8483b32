"""From clauses to HTML to PDF to kept bytes."""
