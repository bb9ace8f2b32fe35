"""The segments room: who are our customers?"""

from guilder.segments.segment import SegmentsResult, segment
from guilder.segments.segmenter import TRUSTED_TYPES, CustomerSegmenter
from guilder.segments.why import Why, why

__all__ = ["TRUSTED_TYPES", "CustomerSegmenter", "SegmentsResult", "Why", "segment", "why"]
