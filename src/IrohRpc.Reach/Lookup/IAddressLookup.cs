namespace IrohRpc.Reach.Lookup;

/// <summary>A way to learn where an endpoint is, and to tell others where this one is.</summary>
/// <remarks>
/// An endpoint may have several: it asks all of them at once, dials what the first one answers, and adds what the others say later. All members are safe to
/// call from several threads at once.
/// </remarks>
public interface IAddressLookup
{
    /// <summary>The name that logs show: <c>dns</c>, <c>pkarr</c>, <c>mdns</c>, <c>static</c>.</summary>
    string Name { get; }

    /// <summary>Looks an endpoint up.</summary>
    /// <param name="id">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// What is known, each answer as it comes; none where nothing is. The sequence ends when no further answer is to be expected, and throws where the
    /// lookup itself failed, which costs the others nothing.
    /// </returns>
    IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, CancellationToken cancellationToken);

    /// <summary>Tells others where this endpoint is, from now on and in the place of what was told before.</summary>
    /// <param name="data">Where it is.</param>
    /// <remarks>It returns at once: publishing goes on in the background. A lookup that cannot publish does nothing.</remarks>
    void Publish(EndpointData data)
    {
    }
}
