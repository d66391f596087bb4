"""Tests of the data readers: no data of the field are kept here, every sample is made up."""
