## The first page

home-title = Meet the Amir of the region from your governorate, or from where you are
home-lead = Tawasul is a video majlis: the Amir hears and sees you while you are at the nearest reception centre or at home, in a private meeting, without a journey to the emirate.
home-way-title = How an audience goes
home-way-book-title = Appointment
home-way-book-text = The reception staff of your governorate book a time for you, with your ID or iqama number and your mobile.
home-way-come-title = Arrival
home-way-come-text = You come to the reception centre, or open your link where you are. Your place in the queue is kept.
home-way-meet-title = Audience
home-way-meet-text = When your turn comes you are called in, and speak with the Amir by sound and picture.
home-way-follow-title = Follow-up
home-way-follow-text = What the Amir directs is written down and followed up until you have the answer.
home-track-title = Do you have a case?
home-track-text = See where it is by its number and your mobile or ID. If a message brought you a link, open it to read the answer and say what you think of it.
home-link-title = Have you an appointment from your own location?
home-link-text = Open the link that the reception centre sent you, on your phone or computer. You need no account and no app. If the link is lost, ask the centre for another.
home-staff-title = For staff
home-desk = Reception desk
home-desk-text = Registration, appointments, arrivals
home-office = The Amir’s office
home-office-text = Today’s sitting and its audiences
home-agency = Agency
home-agency-text = What was referred to it, and its answers
