"""Labels in their media: `pdf`, `escpos` and `zpl`. Pure: the same labels are the same bytes."""
