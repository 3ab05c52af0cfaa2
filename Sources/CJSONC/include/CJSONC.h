#ifndef CJSONC_H
#define CJSONC_H
#endif
