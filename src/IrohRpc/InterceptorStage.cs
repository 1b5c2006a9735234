namespace IrohRpc;

/// <summary>Where an interceptor stands among others. Stages come before the order of registration.</summary>
public enum InterceptorStage
{
    /// <summary>Outermost: sees every call, those that are refused included.</summary>
    Observation,

    /// <summary>Decides whether a call runs at all. Arguments cannot be read before this stage is over.</summary>
    Admission,

    /// <summary>Around the call itself: may read and change arguments and results. The default.</summary>
    Invocation,
}
