"""Scripts that leave vowels out, or stack them on consonants, in the Latin letters people use."""
