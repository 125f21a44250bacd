/usr/bin/env flac2all worker --allow-raw-args --connect tcp://fileserver:2019 --key - --jobs 2 --lifetime 14400s --orphan-after 120s --started-by-master
/usr/bin/env flac2all worker --allow-raw-args --connect tcp://fileserver:2019 --key - --jobs 2 --lifetime 14400s --orphan-after 120s --started-by-master
/usr/bin/env flac2all worker --allow-raw-args --connect tcp://fileserver:2019 --key - --jobs 2 --lifetime 14400s --orphan-after 120s --started-by-master
