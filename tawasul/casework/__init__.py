"""What follows an audience: cases, petitions, directives, referrals and their answers, suggestions, complaints."""
