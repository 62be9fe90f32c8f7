namespace UpgradeWatch.Http.Hooks;

/// <summary>Flagger's webhooks that are answered.</summary>
internal enum FlaggerHook
{
    /// <summary>May the canary be started.</summary>
    ConfirmRollout,

    /// <summary>Is anything wrong; asked at each interval.</summary>
    Rollout,

    /// <summary>May it be promoted.</summary>
    ConfirmPromotion,

    /// <summary>It has ended, well or badly.</summary>
    PostRollout,

    /// <summary>Something has happened.</summary>
    Event,

    /// <summary>Must it be rolled back: yes is success.</summary>
    Rollback,
}
