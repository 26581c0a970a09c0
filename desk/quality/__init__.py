"""Pages of quality: figures, tickets behind them, reviews, one's own."""
