"""The kinds as the database knows them, so that no record can name a kind that does not exist."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import Base


class Kind(Base):
    """A kind of line or road part; filled from ``layers/kinds`` when the product starts."""

    __tablename__ = "catalogue_kind"

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
