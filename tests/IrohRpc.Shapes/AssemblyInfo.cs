[assembly: global::System.CLSCompliant(false)]
[assembly: global::System.Runtime.InteropServices.ComVisible(false)]
