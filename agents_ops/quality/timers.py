"""The moment at which a review stands although nobody answered."""

ANSWER_OVER = "quality.answer_over"
REVIEW = "qa_review"
