using IrohRpc.CompilerServices;

namespace IrohRpc.Contracts;

/// <summary>Which stream carries what of a method.</summary>
internal static class StreamParameters
{
    /// <summary>
    /// The index of what rides on the call's own stream towards the service: the first parameter that streams, or (by the index after the last) a result
    /// that takes bytes; -1 where nothing streams that way. All else takes channels.
    /// </summary>
    public static int OnCallStream(MethodDescriptor method)
    {
        for (int index = 0; index < method.Parameters.Count; index++)
        {
            if (method.Parameters[index].Kind is ParameterKind.Items or ParameterKind.Bytes)
            {
                return index;
            }
        }

        return method.Result == ResultKind.BytesBack ? method.Parameters.Count : -1;
    }

    /// <summary>Whether a method has a parameter that takes bytes from the service.</summary>
    public static bool TakesBytesBack(MethodDescriptor method)
    {
        for (int index = 0; index < method.Parameters.Count; index++)
        {
            if (method.Parameters[index].Kind == ParameterKind.BytesBack)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a method can only be called on a stream of its own.</summary>
    public static bool NeedStream(MethodDescriptor method)
    {
        if (method.Result is ResultKind.Items or ResultKind.Bytes or ResultKind.BytesBack)
        {
            return true;
        }

        // By index: it is asked for each call, and the enumerator of an interface is allocated.
        for (int index = 0; index < method.Parameters.Count; index++)
        {
            if (method.Parameters[index].Kind is ParameterKind.Items or ParameterKind.Bytes or ParameterKind.BytesBack)
            {
                return true;
            }
        }

        return false;
    }
}
