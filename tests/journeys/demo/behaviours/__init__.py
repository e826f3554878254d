"""What each portal of today does for its clients, whole, with the caisses and the people of the demo.

A behaviour has a code, which begins the name of its one test: `test_a1_…`. What its words and numbers should be stands
in the test, as the portal promises it: a caisse's file that says otherwise is found out here.
"""
