namespace IrohRpc;

/// <summary>Where an endpoint's secret key comes from: a file (<see cref="SecretKeyFile"/>), a secret store, a hardware module's export.</summary>
public interface ISecretKeyProvider
{
    /// <summary>Gets the key.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key, which is the caller's to dispose of: a provider that keeps one gives a copy.</returns>
    ValueTask<SecretKey> GetSecretKeyAsync(CancellationToken cancellationToken = default);
}
